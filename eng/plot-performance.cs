// Plots the request rate of each release as a multiple of stock JwtBearer, from the results in docs/performance:
//   dotnet run eng/plot-performance.cs
using System.Globalization;
using System.Text;

const int Left = 50, Top = 20, Height = 240, Step = 110;
string[] colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

var folder = Path.Combine(Directory.GetCurrentDirectory(), "docs", "performance");
var releases = Directory.GetFiles(folder, "*.tsv").Order(StringComparer.Ordinal).Select(Read).ToList();
if (releases.Count == 0)
{
    Console.Error.WriteLine($"There are no results in {folder}: run this in the root of the repository.");
    return 1;
}

string[] cases = [.. releases.SelectMany(release => release.Ratios.Keys).Distinct()];
var most = Math.Ceiling(releases.SelectMany(release => release.Ratios.Values).Max());
var width = Left + (releases.Count * Step) + 240;
var svg = new StringBuilder();
Add($"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{Top + Height + 40}" font-family="sans-serif" font-size="12">""");
Add($"""<title>Request rate as a multiple of stock JwtBearer, by release</title><rect width="100%" height="100%" fill="white"/>""");
for (var tick = 0; tick <= most; tick++)
    Add($"""<text x="{Left - 8}" y="{Y(tick) + 4}" text-anchor="end">{tick}</text><line x1="{Left}" x2="{width - 240}" y1="{Y(tick)}" y2="{Y(tick)}" stroke="#ddd"/>""");
foreach (var (index, release) in releases.Index())
    Add($"""<text x="{X(index)}" y="{Top + Height + 20}" text-anchor="middle">{release.Version}</text>""");
foreach (var (index, name) in cases.Index())
{
    var colour = colours[index % colours.Length];
    var points = releases.Index().Where(release => release.Item.Ratios.ContainsKey(name)).Select(release => (X: X(release.Index), Y: Y(release.Item.Ratios[name]))).ToList();
    Add($"""<polyline fill="none" stroke="{colour}" points="{string.Join(' ', points.Select(point => $"{point.X},{point.Y}"))}"/>""");
    foreach (var point in points)
        Add($"""<circle cx="{point.X}" cy="{point.Y}" r="4" fill="{colour}"/>""");
    Add($"""<text x="{width - 225}" y="{points[^1].Y + 4}" fill="{colour}">{name}</text>""");
}

Add($"</svg>");
File.WriteAllText(Path.Combine(folder, "history.svg"), svg.ToString());
return 0;

void Add(FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));

int X(int index) => Left + (Step / 2) + (index * Step);

int Y(double value) => Top + Height - (int)(value / most * Height);

// The rows of stock: case, side, thousand requests per second and core, ours : side, KB per request.
static (string Version, Dictionary<string, double> Ratios) Read(string path) => (
    Path.GetFileNameWithoutExtension(path),
    File.ReadLines(path).Skip(1).Select(line => line.Split('\t')).Where(row => row[1] == "Stock")
        .ToDictionary(row => row[0], row => double.Parse(row[3], CultureInfo.InvariantCulture)));
