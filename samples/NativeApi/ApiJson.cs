using System.Text.Json.Serialization;

namespace NativeApi;

/// <summary>Serializes the API's responses with code generated at build time, because JSON by reflection is not available in native code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Caller))]
internal sealed partial class ApiJson : JsonSerializerContext;
