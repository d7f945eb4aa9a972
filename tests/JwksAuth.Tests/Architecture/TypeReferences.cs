using System.Reflection;
using System.Reflection.Emit;

namespace JwksAuth.Tests.Architecture;

/// <summary>Which types a type refers to: in its signatures, and in the compiled code of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static HashSet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(type.BaseType);
        foreach (var contract in type.GetInterfaces())
            Add(contract);
        foreach (var field in type.GetFields(Declared))
            Add(field.FieldType);
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
            AddMethod(method);
        return found;

        void Add(Type? other)
        {
            if (other is null || other.IsGenericParameter)
                return;
            if (other.HasElementType)
                Add(other.GetElementType());
            else if (found.Add(other.IsGenericType ? other.GetGenericTypeDefinition() : other))
                Add(other.DeclaringType);
            foreach (var argument in other.GetGenericArguments())
                Add(argument);
        }

        void AddMethod(MethodBase method)
        {
            Add((method as MethodInfo)?.ReturnType);
            foreach (var parameter in method.GetParameters())
                Add(parameter.ParameterType);
            if (method.GetMethodBody() is not { } body)
                return;
            foreach (var local in body.LocalVariables)
                Add(local.LocalType);
            foreach (var member in MembersUsedBy(method, body.GetILAsByteArray()!))
            {
                Add(member as Type ?? member.DeclaringType);
                if (member is MethodInfo { IsGenericMethod: true } generic)
                    Array.ForEach(generic.GetGenericArguments(), Add);
            }
        }
    }

    private static IEnumerable<MemberInfo> MembersUsedBy(MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var position = 0; position < code.Length;)
        {
            var operation = code[position] == 0xFE ? OpCodes[(short)(0xFE00 | code[position + 1])] : OpCodes[code[position]];
            position += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok
                && method.Module.ResolveMember(BitConverter.ToInt32(code, position), typeArguments, methodArguments) is { } member)
                yield return member;
            position += OperandSize(operation.OperandType, code, position);
        }
    }

    private static int OperandSize(OperandType type, byte[] code, int position) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, position)),
        _ => 4,
    };
}
