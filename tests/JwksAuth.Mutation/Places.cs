using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JwksAuth.Mutation;

/// <summary>The role of a boolean expression.</summary>
internal enum Place
{
    /// <summary>It is not a condition.</summary>
    Elsewhere,

    /// <summary>A whole condition, or a boolean result.</summary>
    Whole,

    /// <summary>An operand of a conjunction: false is the conjunction's own mutant.</summary>
    Conjunct,

    /// <summary>An operand of a disjunction: true is the disjunction's own mutant.</summary>
    Alternative,
}

/// <summary>Determines the role of a boolean expression.</summary>
internal static class Places
{
    public static Place Of(ExpressionSyntax expression)
    {
        if (expression is ParenthesizedExpressionSyntax or ConditionalExpressionSyntax or SwitchExpressionSyntax or AssignmentExpressionSyntax
            or ThrowExpressionSyntax)
        {
            return Place.Elsewhere;
        }

        var place = OfParent(Outer(expression));
        var decides = expression is BinaryExpressionSyntax or IsPatternExpressionSyntax or PrefixUnaryExpressionSyntax;
        return place == Place.Whole && !decides && !IsCondition(Outer(expression)) ? Place.Elsewhere : place;
    }

    /// <summary>The operator of a chain, or none.</summary>
    public static SyntaxKind Chain(ExpressionSyntax expression) =>
        expression.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression ? expression.Kind() : SyntaxKind.None;

    public static bool IsCompound(ExpressionSyntax expression)
    {
        var inner = expression;
        while (inner is ParenthesizedExpressionSyntax parenthesized)
        {
            inner = parenthesized.Expression;
        }

        return Chain(inner) != SyntaxKind.None;
    }

    private static Place OfParent(SyntaxNode expression) => expression.Parent switch
    {
        BinaryExpressionSyntax chain when chain.IsKind(SyntaxKind.LogicalAndExpression) =>
            Of(chain, SyntaxKind.LogicalAndExpression, expression, Place.Conjunct),
        BinaryExpressionSyntax chain when chain.IsKind(SyntaxKind.LogicalOrExpression) =>
            Of(chain, SyntaxKind.LogicalOrExpression, expression, Place.Alternative),
        BinaryExpressionSyntax => Place.Elsewhere,
        PrefixUnaryExpressionSyntax not => IsCompound(not.Operand) ? Place.Whole : Place.Elsewhere,
        ExpressionStatementSyntax or MemberAccessExpressionSyntax or InterpolationSyntax => Place.Elsewhere,
        _ => Place.Whole,
    };

    // An inner part of a chain of one operator is not a separate condition.
    private static Place Of(BinaryExpressionSyntax chain, SyntaxKind kind, SyntaxNode operand, Place place) =>
        operand.IsKind(kind) ? Place.Elsewhere : chain.IsKind(kind) ? place : Place.Whole;

    private static bool IsCondition(SyntaxNode expression) => expression.Parent switch
    {
        IfStatementSyntax or WhileStatementSyntax or DoStatementSyntax or WhenClauseSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax
            or LambdaExpressionSyntax or SwitchExpressionArmSyntax or PrefixUnaryExpressionSyntax => true,
        ConditionalExpressionSyntax => true,
        _ => false,
    };

    private static SyntaxNode Outer(SyntaxNode expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax parent)
        {
            expression = parent;
        }

        return expression;
    }
}
