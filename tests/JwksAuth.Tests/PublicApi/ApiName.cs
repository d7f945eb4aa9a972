using System.Globalization;
using System.Reflection;

namespace JwksAuth.Tests.PublicApi;

/// <summary>How types and values are written in C#, with the nullability of references.</summary>
internal static class ApiName
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
    };

    public static string Of(Type type) => Of(type, null);

    /// <param name="type">The type.</param>
    /// <param name="nullability">What is known of its references; null writes none as nullable.</param>
    public static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Of(value) + "?";

        var mark = nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable } ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        if (type.IsGenericParameter)
            return type.Name + mark;
        if (!type.IsGenericType)
            return Simple(type) + mark;

        var arguments = type.GetGenericArguments().Select((argument, index) => Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        return $"{Simple(type)}<{string.Join(", ", arguments)}>{mark}";
    }

    /// <summary>The name without namespace and type arguments, after that of the type around it.</summary>
    public static string Simple(Type type)
    {
        var name = Keywords.TryGetValue(type, out var keyword) ? keyword : type.Name.Split('`')[0];
        return type is { IsNested: true, IsGenericParameter: false } ? $"{Simple(type.DeclaringType!)}.{name}" : name;
    }

    /// <summary>The default value of a parameter.</summary>
    public static string Default(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return type.IsValueType && parameter.RawDefaultValue is null && Nullable.GetUnderlyingType(type) is null
            ? "default"
            : Literal(type.IsEnum ? Enum.ToObject(type, parameter.RawDefaultValue!) : parameter.RawDefaultValue);
    }

    public static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum member => $"{Simple(member.GetType())}.{member}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
