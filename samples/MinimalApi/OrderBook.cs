using System.Collections.Concurrent;

namespace MinimalApi;

/// <summary>The orders of each customer, in memory.</summary>
public sealed class OrderBook
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Order>> _orders = new(StringComparer.Ordinal);

    public void Add(string customer, Order order) => _orders.GetOrAdd(customer, _ => new()).Enqueue(order);

    public IReadOnlyCollection<Order> Of(string customer) => _orders.TryGetValue(customer, out var orders) ? orders : [];
}
