using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JwksAuth.Mutation;

/// <summary>Rewrites one file so that a switch can invert each of its conditions.</summary>
internal sealed class MutantRewriter(SemanticModel model, string file, List<Mutant> mutants, IReadOnlySet<string> left) : CSharpSyntaxRewriter
{
    private readonly HashSet<string> _seen = [];

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is null || IsFixed(node))
        {
            return node;
        }

        var visited = base.Visit(node);
        return node is ExpressionSyntax original && visited is ExpressionSyntax expression && IsBoolean(original) ? Mutate(original, expression) : visited;
    }

    // The arms after a dropped arm handle its value.
    public override SyntaxNode? VisitSwitchExpressionArm(SwitchExpressionArmSyntax node)
    {
        var visited = (SwitchExpressionArmSyntax)base.VisitSwitchExpressionArm(node)!;
        if (node.Pattern is DiscardPatternSyntax || Switch(node.Pattern, $"arm {node.Pattern} dropped") is not { } isOn)
        {
            return visited;
        }

        var stays = Parse($"!{isOn}");
        var condition = visited.WhenClause is { } when ? Parse($"({when.Condition}) && {stays}") : stays;
        return visited.WithWhenClause(SyntaxFactory.WhenClause(SyntaxFactory.Token(SyntaxKind.WhenKeyword).WithLeadingTrivia(SyntaxFactory.Space)
            .WithTrailingTrivia(SyntaxFactory.Space), condition).WithTrailingTrivia(SyntaxFactory.Space));
    }

    private ExpressionSyntax Mutate(ExpressionSyntax original, ExpressionSyntax expression)
    {
        var place = Places.Of(original);
        if (original is LiteralExpressionSyntax)
        {
            return Literal(original, expression);
        }

        if (place == Place.Elsewhere || original.IsKind(SyntaxKind.LogicalNotExpression) && Places.IsCompound(((PrefixUnaryExpressionSyntax)original).Operand))
        {
            return expression;
        }

        // A loop that never ends could only be noticed by a timeout.
        var mutated = Variants(original, expression);
        var chain = Places.Chain(original);
        var isLoop = original.Parent is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax;
        if (place != Place.Alternative && chain != SyntaxKind.LogicalAndExpression && !isLoop)
        {
            mutated = Force(original, mutated, true);
        }

        return place != Place.Conjunct && chain != SyntaxKind.LogicalOrExpression ? Force(original, mutated, false) : mutated;
    }

    private ExpressionSyntax Literal(ExpressionSyntax original, ExpressionSyntax expression)
    {
        var isTrue = original.IsKind(SyntaxKind.TrueLiteralExpression);
        if (original.Parent.IsKind(SyntaxKind.EqualsExpression) || original.Parent.IsKind(SyntaxKind.NotEqualsExpression)
            || original.Parent is WhileStatementSyntax or DoStatementSyntax)
        {
            return expression;
        }

        var whole = original.Parent is ArgumentSyntax or AssignmentExpressionSyntax ? original.Parent : original;
        return Switch(original, $"{whole} negated") is { } isOn ? Keep(expression, isTrue ? $"(!{isOn})" : $"({isOn})") : expression;
    }

    // The condition is still evaluated, so that only the decision is wrong. That is not always possible if it declares variables.
    private ExpressionSyntax Force(ExpressionSyntax original, ExpressionSyntax expression, bool value)
    {
        var isChain = Places.Chain(original) != SyntaxKind.None;
        var patterns = original.DescendantNodes().Any(node => node is SingleVariableDesignationSyntax && (node.Parent is PatternSyntax || isChain));
        if (Switch(original, value ? "true" : "false", true) is not { } isOn)
        {
            return expression;
        }

        return Keep(expression, (value, patterns) switch
        {
            (true, false) => $"(({expression}) | {isOn})",
            (false, false) => $"(({expression}) & !{isOn})",
            (true, true) => $"({isOn} || ({expression}))",
            (false, true) => $"(!{isOn} && ({expression}))",
        });
    }

    private ExpressionSyntax Variants(ExpressionSyntax original, ExpressionSyntax expression)
    {
        if (Declares(original))
        {
            return expression;
        }

        foreach (var variant in original switch
        {
            BinaryExpressionSyntax binary => Operators.Shifted(binary),
            IsPatternExpressionSyntax pattern => Patterns.Weakened(pattern),
            _ => [],
        })
        {
            if (Switch(original, variant, true) is { } isOn)
            {
                expression = Keep(expression, $"({isOn} ? ({variant}) : ({expression}))");
            }
        }

        return expression;
    }

    private string? Switch(SyntaxNode node, string change, bool withOriginal = false)
    {
        var text = OneLine(withOriginal ? $"{node} -> {change}" : change);
        for (var again = 2; !_seen.Add(text); again++)
        {
            text = OneLine(withOriginal ? $"{node} -> {change}" : change) + $" ({again})";
        }

        if (left.Contains($"{file}: {text}"))
        {
            return null;
        }

        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        mutants.Add(new Mutant(mutants.Count, file, line, text, Declares(node)));
        return $"global::JwksAuth.MutantSwitch.IsOn({mutants.Count - 1})";
    }

    private bool IsBoolean(ExpressionSyntax expression) => model.GetTypeInfo(expression).Type?.SpecialType == SpecialType.System_Boolean;

    // Constants must stay constants, and type initializers run before any mutant is switched on.
    private static bool IsFixed(SyntaxNode node) =>
        node is AttributeListSyntax or ParameterSyntax { Default: not null } or PatternSyntax or CaseSwitchLabelSyntax
        || node is FieldDeclarationSyntax field
            && (field.Modifiers.Any(SyntaxKind.ConstKeyword) || field.Modifiers.Any(SyntaxKind.StaticKeyword) && !HasLambda(node))
        || node is PropertyDeclarationSyntax { Initializer: not null } property && property.Modifiers.Any(SyntaxKind.StaticKeyword) && !HasLambda(node)
        || node is LocalDeclarationStatementSyntax { IsConst: true }
        || node is ConstructorDeclarationSyntax constructor && constructor.Modifiers.Any(SyntaxKind.StaticKeyword);

    private static bool HasLambda(SyntaxNode node) => node.DescendantNodes().Any(each => each is LambdaExpressionSyntax);

    private static bool Declares(SyntaxNode node) => node.DescendantNodesAndSelf().Any(each => each is SingleVariableDesignationSyntax);

    private static ExpressionSyntax Keep(ExpressionSyntax expression, string text) => Parse(text).WithTriviaFrom(expression);

    private static ExpressionSyntax Parse(string text) => SyntaxFactory.ParseExpression(text);

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
