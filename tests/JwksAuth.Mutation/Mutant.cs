namespace JwksAuth.Mutation;

/// <summary>One condition that the mutated build can decide wrongly.</summary>
/// <param name="Id">The number that switches it on.</param>
/// <param name="File">The file, relative to src/JwksAuth.</param>
/// <param name="Line">The line of the condition, from 1.</param>
/// <param name="Change">The condition and what replaces it, on one line: what equivalent-mutants.txt lists.</param>
/// <param name="Risky">Whether the condition declares variables, so the mutated code may not compile.</param>
internal sealed record Mutant(int Id, string File, int Line, string Change, bool Risky);
