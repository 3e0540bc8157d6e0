namespace Faults.Tests.Proxy;

/// <summary>Tells to which operation a call belongs: by the ids in it, or, where it names nobody, by what it is.</summary>
public sealed class Traffic
{
    private readonly Lock _changing = new();
    private readonly List<Watch> _watches = [];

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
