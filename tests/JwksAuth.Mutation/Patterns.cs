using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JwksAuth.Mutation;

/// <summary>Removes one part of a pattern, or moves one of its boundaries.</summary>
internal static class Patterns
{
    public static IEnumerable<string> Weakened(IsPatternExpressionSyntax expression) =>
        expression.Pattern.DescendantNodesAndSelf().SelectMany(Replacements)
            .Select(each => $"{expression.Expression} is {Replace(expression.Pattern, each.Old, each.New)}");

    private static IEnumerable<(SyntaxNode Old, SyntaxNode? New)> Replacements(SyntaxNode node)
    {
        switch (node)
        {
            case BinaryPatternSyntax { Left: not BinaryPatternSyntax } binary:
                return [(binary, binary.Left), (binary, binary.Right)];
            case BinaryPatternSyntax binary:
                return [(binary, binary.Left)];
            case RelationalPatternSyntax relational when Operators.Other(relational.OperatorToken.Kind()) is { } other:
                return [(relational, relational.WithOperatorToken(SyntaxFactory.ParseToken($"{other} ")))];
            case PropertyPatternClauseSyntax { Subpatterns.Count: > 1 } clause:
                return clause.Subpatterns.Select(part => ((SyntaxNode)clause, (SyntaxNode?)clause.WithSubpatterns(clause.Subpatterns.Remove(part))));
            default:
                return [];
        }
    }

    private static SyntaxNode Replace(PatternSyntax pattern, SyntaxNode old, SyntaxNode? replacement) =>
        ReferenceEquals(pattern, old) ? replacement! : pattern.ReplaceNode(old, replacement!);
}
