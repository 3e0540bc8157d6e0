namespace Faults.Tests.Proxy;

/// <summary>Assigns each call to an operation by the ids in it or, where it names nobody, by its signature.</summary>
public sealed class Traffic
{
    private readonly Lock _changing = new();
    private readonly List<Watch> _watches = [];

    public ConcurrentDictionary<string, bool> Epochs { get; } = [];

    /// <summary>What happens to the calls of no operation, by request id, which is the same for every retry of a call.</summary>
    public Func<string, Task<Fault?>>? Otherwise { get; set; }

    public void Add(Watch watch)
    {
        lock (_changing)
            _watches.Add(watch);
    }

    public void Remove(Watch watch)
    {
        lock (_changing)
            _watches.Remove(watch);
    }

    public Watch? Find(StorageCall call)
    {
        lock (_changing)
            return _watches.Find(watch => watch.Knows(call)) ?? _watches.Find(watch => watch.Expects(call));
    }
}
