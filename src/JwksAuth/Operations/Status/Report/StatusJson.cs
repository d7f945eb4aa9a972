using System.Text.Json.Serialization;

namespace JwksAuth.Operations.Status.Report;

/// <summary>Serializes the documents without reflection, for trimmed and native applications.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(RefreshDocument))]
internal sealed partial class StatusJson : JsonSerializerContext;
