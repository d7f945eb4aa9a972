using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace JwksAuth.IntegrationTests.StockApplication;

[ApiController]
[Authorize]
public sealed class BooksController : ControllerBase
{
    [AllowAnonymous]
    [HttpGet("/books")]
    public IActionResult List() => Ok("all books");

    [HttpGet("/books/mine")]
    public string Mine() => $"books of {User.FindFirstValue(ClaimTypes.NameIdentifier)}, alias {User.Identity!.Name}";

    [Authorize("Members")]
    [HttpGet("/books/new")]
    public IActionResult New() => Ok("new books");

    [Authorize("Librarians")]
    [HttpGet("/books/lent")]
    public IActionResult Lent() => Ok("lent books");

    [HttpGet("/token")]
    public async Task<string?> Token() => await HttpContext.GetTokenAsync("access_token");

    [HttpGet("/hub/news")]
    public string Hub() => $"news for {User.FindFirstValue(ClaimTypes.NameIdentifier)}";

    [Authorize("Partners")]
    [HttpGet("/partner")]
    public string Partner() => $"{User.FindFirstValue("sub")} seen by {User.FindFirstValue("seen-by")}";
}
