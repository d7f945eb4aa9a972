using System.Text.Json.Serialization;

namespace NativeApi;

/// <summary>How the API's answers are written: by code made at build time, because native code has no reflection to fall back on.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Caller))]
internal sealed partial class ApiJson : JsonSerializerContext;
