using System.Reflection;
using System.Runtime.CompilerServices;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Architecture;

/// <summary>Checks that public extension classes follow one naming rule, and that methods of builders start with one word.</summary>
public class ExtensionClassTests
{
    public static TheoryData<Type> Packages =>
    [
        typeof(IJwksManager), typeof(IJwksSigningKeys), typeof(JwksPostgreSqlOptions), typeof(JwksOpenApiOptionsExtensions), typeof(FakeJwksServer),
    ];

    [Theory]
    [MemberData(nameof(Packages))]
    public void An_extension_class_is_named_after_the_one_type_that_it_extends(Type anyType)
    {
        var classes = Extensions(anyType.Assembly).GroupBy(method => method.DeclaringType!, ReceiverOf).ToList();

        Assert.NotEmpty(classes);
        Assert.Empty(classes.Where(methods => methods.Distinct().Count() > 1 || !HasNameOf(methods.Key, methods.First())).Select(methods => methods.Key.Name));
    }

    [Theory]
    [InlineData(typeof(IJwksManager))]
    [InlineData(typeof(IJwksSigningKeys))]
    [InlineData(typeof(JwksPostgreSqlOptions))]
    public void Methods_that_extend_a_builder_or_the_services_start_with_Add(Type anyType)
    {
        var names = Extensions(anyType.Assembly)
            .Where(method => ReceiverOf(method) == typeof(IServiceCollection) || ReceiverOf(method) == typeof(AuthenticationBuilder))
            .Select(method => method.Name).ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.StartsWith("AddJwks", name, StringComparison.Ordinal));
    }

    private static bool HasNameOf(Type type, Type receiver) =>
        (type.Name.StartsWith("Jwks", StringComparison.Ordinal) || type.Name.StartsWith("FakeJwks", StringComparison.Ordinal))
        && type.Name.EndsWith((receiver.IsInterface ? receiver.Name[1..] : receiver.Name) + "Extensions", StringComparison.Ordinal);

    private static Type ReceiverOf(MethodInfo method) =>
        method.GetParameters()[0].ParameterType is { IsGenericParameter: true } parameter ? Assert.Single(parameter.GetGenericParameterConstraints()) : method.GetParameters()[0].ParameterType;

    private static IEnumerable<MethodInfo> Extensions(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        where type is { IsAbstract: true, IsSealed: true }
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where method.IsDefined(typeof(ExtensionAttribute), inherit: false)
        select method;
}
