using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JwksAuth.Mutation;

/// <summary>Moves the boundary of comparisons by one.</summary>
internal static class Operators
{
    public static IEnumerable<string> Shifted(BinaryExpressionSyntax binary) =>
        Other(binary.Kind()) is { } other ? [$"{binary.Left} {other} {binary.Right}"] : [];

    public static string? Other(SyntaxKind kind) => kind switch
    {
        SyntaxKind.LessThanExpression or SyntaxKind.LessThanToken => "<=",
        SyntaxKind.LessThanOrEqualExpression or SyntaxKind.LessThanEqualsToken => "<",
        SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanToken => ">=",
        SyntaxKind.GreaterThanOrEqualExpression or SyntaxKind.GreaterThanEqualsToken => ">",
        _ => null,
    };
}
