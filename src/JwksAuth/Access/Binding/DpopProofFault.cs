namespace JwksAuth.Access.Binding;

internal enum DpopProofFault
{
    Malformed,
    OtherKey,
    Unavailable,
}
