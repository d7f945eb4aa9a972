using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests;

/// <summary>Writes all public values of an object, one per line, so that two objects can be compared.</summary>
internal static class PublicState
{
    // Types that are not followed: their members belong to the request or to the platform.
    private static readonly Type[] Closed = [typeof(HttpContext), typeof(HttpRequest), typeof(HttpResponse), typeof(SecurityKey), typeof(CryptoProviderFactory), typeof(Type), typeof(Delegate)];

    /// <param name="root">The object.</param>
    /// <param name="leaveOut">Names of properties that are not followed.</param>
    public static string Of(object? root, params string[] leaveOut)
    {
        var lines = new List<string>();
        Describe("", root, new Dictionary<object, string>(ReferenceEqualityComparer.Instance), lines, leaveOut);
        return string.Join('\n', lines);
    }

    private static void Describe(string path, object? value, Dictionary<object, string> seen, List<string> lines, string[] leaveOut)
    {
        if (value is null || value.GetType() is { IsPrimitive: true } or { IsEnum: true } || value is string or DateTime or DateTimeOffset or TimeSpan or decimal)
        {
            lines.Add($"{path} = {Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null"}");
            return;
        }

        if (seen.TryGetValue(value, out var known))
        {
            lines.Add($"{path} is {known}");
            return;
        }

        seen[value] = path;
        lines.Add($"{path}: {value.GetType()}");
        if (Closed.Any(type => type.IsInstanceOfType(value)))
            return;

        if (value is IEnumerable items)
        {
            var index = 0;
            foreach (var item in items.Cast<object?>().ToList())
                Describe($"{path}[{index++}]", item, seen, lines, leaveOut);
        }

        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            if (property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && !leaveOut.Contains(property.Name) && !property.PropertyType.IsByRefLike)
                Describe($"{path}.{property.Name}", Read(property, value), seen, lines, leaveOut);
        }
    }

    private static object? Read(PropertyInfo property, object target)
    {
        try
        {
            return property.GetValue(target);
        }
        catch (TargetInvocationException exception)
        {
            return $"throws {exception.InnerException!.GetType()}";
        }
    }
}
