namespace MinimalApi;

public sealed record Order(string Item, int Quantity);
