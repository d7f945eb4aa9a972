using System.Text.Json.Serialization;

namespace JwksAuth.Operations.Status.Report;

/// <summary>Writes the documents without reflection, so that trimmed and native applications can.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(RefreshDocument))]
internal sealed partial class StatusJson : JsonSerializerContext;
