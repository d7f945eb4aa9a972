namespace ServiceProviders;

public sealed record TeamAnswer(int Id, string Name);
