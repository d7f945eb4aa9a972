using System.Reflection;
using System.Runtime.CompilerServices;

namespace JwksAuth.Tests.PublicApi;

/// <summary>Writes what an assembly shows to its users as text: one line per type and member, sorted, so that a change is a readable diff.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var blocks = assembly.GetExportedTypes()
            .OrderBy(type => type.Namespace, StringComparer.Ordinal)
            .ThenBy(ApiName.Of, StringComparer.Ordinal)
            .Select(Block);
        return string.Join("\n", blocks);
    }

    private static string Block(Type type)
    {
        var lines = Members(type).Order(StringComparer.Ordinal).Select(member => $"    {member}\n");
        return $"namespace {type.Namespace}: {Kind(type)} {ApiName.Of(type)}{Bases(type)}\n{string.Concat(lines)}";
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        if (type.IsEnum)
            return "";

        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Except(inherited).Select(ApiName.Of).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases.Insert(0, ApiName.Of(parent));
        return bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");

        return type.GetMembers(Declared)
            .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)) || member is ConstructorInfo)
            .Select(member => member switch
            {
                FieldInfo field when IsShown(field) => Field(field),
                PropertyInfo property when Accessors(property).Any() => Property(property),
                EventInfo { AddMethod: { } add } happening when IsShown(add) => $"event {ApiName.Of(happening.EventHandlerType!)} {happening.Name}",
                ConstructorInfo constructor when IsShown(constructor) => $"{Access(constructor)}{ApiName.Simple(type)}({Parameters(constructor)})",
                MethodInfo { IsSpecialName: false } method when IsShown(method) => Method(method),
                _ => null,
            })
            .OfType<string>();
    }

    private static string Field(FieldInfo field)
    {
        var type = ApiName.Of(field.FieldType, new NullabilityInfoContext().Create(field));
        return field.IsLiteral
            ? $"const {type} {field.Name} = {ApiName.Literal(field.GetRawConstantValue())}"
            : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = string.Join(" ", Accessors(property).Select(accessor => Access(accessor) + AccessorName(property, accessor) + ";"));
        var type = ApiName.Of(property.PropertyType, new NullabilityInfoContext().Create(property));
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var name = property.GetIndexParameters() is { Length: > 0 } index
            ? $"this[{string.Join(", ", index.Select(parameter => ApiName.Of(parameter.ParameterType)))}]"
            : property.Name;
        return $"{Modifiers(Accessors(property).First())}{required}{type} {name} {{ {accessors} }}";
    }

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsShown);

    private static string AccessorName(PropertyInfo property, MethodInfo accessor) => accessor switch
    {
        _ when accessor == property.GetMethod => "get",
        _ when accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) => "init",
        _ => "set",
    };

    private static string Method(MethodInfo method)
    {
        var type = ApiName.Of(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter));
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(ApiName.Of))}>" : "";
        var extended = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Access(method)}{Modifiers(method)}{type} {method.Name}{generic}({extended}{Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var direction = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var type = ApiName.Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        var value = parameter.HasDefaultValue ? $" = {ApiName.Default(parameter)}" : "";
        return $"{direction}{type} {parameter.Name}{value}";
    }

    private static string Modifiers(MethodInfo method) => method switch
    {
        { IsStatic: true } => "static ",
        { DeclaringType.IsInterface: true } => "",
        { IsAbstract: true } => "abstract ",
        _ when method.GetBaseDefinition() != method => "override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static bool IsShown(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsShown(FieldInfo field) =>
        (field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && !field.DeclaringType!.IsSealed)) && !field.IsSpecialName;
}
