using System.ComponentModel.DataAnnotations;

namespace ServiceProviders;

/// <summary>What a caller may say of a team. The provider is not among it: that is in the token.</summary>
public sealed record TeamRequest([Required, StringLength(100)] string Name);
