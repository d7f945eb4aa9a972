using JwksAuth.Mutation;

if (args is ["worker", var path])
{
    await Worker.RunAsync(path);
    return 0;
}

var root = Environment.CurrentDirectory;
var lists = Path.Combine(root, "tests", "JwksAuth.Mutation");
var equivalent = Lines("equivalent-mutants.txt").Select(line => line.Split(" # ")[0]).ToHashSet();
var isBuilt = args.Contains("--no-build");
var chosen = args.Where(argument => argument != "--no-build").ToArray();
var list = new FileList(Lines("files.txt"));
string[] files = chosen.Length > 0 && !isBuilt ? chosen : [.. list.Files];

var tree = new MutatedTree(root, Path.Combine(root, "artifacts", "mutation"));
var mutants = isBuilt ? tree.Read() : await tree.WriteAsync(files, equivalent);
if (!isBuilt)
    await Command.OutputAsync(tree.Project, "dotnet", "build", "-c", "Release", "-v", "q", "--nologo",
        "-p:TreatWarningsAsErrors=false", "-p:Nullable=annotations", "-p:RunAnalyzers=false");
if (chosen.Length > 0)
    mutants = [.. mutants.Where(mutant => chosen.Any(file => mutant.File.StartsWith(file, StringComparison.Ordinal)))];
Console.Error.WriteLine($"{mutants.Count} mutants");

var campaign = new Campaign(Path.Combine(tree.Project, "bin", "Release", "net10.0"), Math.Min(2, Environment.ProcessorCount), list);
var tests = await campaign.CoverAsync(mutants);
Console.Error.WriteLine($"{tests.Count} tests reach mutants");
var killed = await campaign.RunAsync(mutants, tests);

foreach (var mutant in mutants.Where(mutant => !killed[mutant.Id]))
{
    var reached = tests.Any(test => test.Mutants.Contains(mutant.Id)) ? "survived" : "not reached";
    Console.WriteLine($"{reached} {mutant.File}:{mutant.Line}: {mutant.Change}");
}

Console.WriteLine();
Console.Write(Scores.Table(mutants, killed, equivalent));
return mutants.GroupBy(mutant => mutant.File).All(file => file.Count(mutant => killed[mutant.Id]) >= 0.85 * file.Count()) ? 0 : 1;

string[] Lines(string name) => [.. File.ReadAllLines(Path.Combine(lists, name)).Where(line => line.Length > 0 && line[0] != '#')];
