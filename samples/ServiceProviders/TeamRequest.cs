using System.ComponentModel.DataAnnotations;

namespace ServiceProviders;

/// <summary>What a caller may set of a team. The provider is not included: it comes from the token.</summary>
public sealed record TeamRequest([Required, StringLength(100)] string Name);
