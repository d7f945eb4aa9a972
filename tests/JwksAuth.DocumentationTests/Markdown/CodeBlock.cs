namespace JwksAuth.DocumentationTests.Markdown;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">The word after the fence; empty if there is none.</param>
/// <param name="Line">The line of the fence, from 1.</param>
/// <param name="Text">The text between the fences.</param>
/// <param name="WhyNotCompiled">The reason stated in a comment before the block: <c>&lt;!-- not compiled: reason --&gt;</c>; null if there is none.</param>
/// <param name="RunsIn">The file that runs the block, stated in a comment before it: <c>&lt;!-- runs in: path --&gt;</c>; null if there is none.</param>
internal sealed record CodeBlock(string Language, int Line, string Text, string? WhyNotCompiled, string? RunsIn);
