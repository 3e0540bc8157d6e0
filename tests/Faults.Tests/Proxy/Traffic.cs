namespace Faults.Tests.Proxy;

/// <summary>Tells to which operation a call belongs: by the ids in it, or, where it names nobody, by who is on its own.</summary>
public sealed class Traffic
{
    private readonly Lock _changing = new();
    private readonly List<Watch> _watches = [];

    private Watch? _sole;

    public void Add(Watch watch, bool sole)
    {
        lock (_changing)
        {
            if (sole && _sole is not null)
                throw new InvalidOperationException("Two operations whose calls can't be told apart.");
            if (sole)
                _sole = watch;
            _watches.Add(watch);
        }
    }

    public void Remove(Watch watch)
    {
        lock (_changing)
        {
            if (_sole == watch)
                _sole = null;
            _watches.Remove(watch);
        }
    }

    public Watch? Find(StorageCall call)
    {
        lock (_changing)
            return _watches.FirstOrDefault(watch => watch.Knows(call)) ?? _sole;
    }
}
