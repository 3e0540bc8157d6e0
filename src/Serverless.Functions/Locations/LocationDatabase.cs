using System.Net.Sockets;
using MaxMind.Db;

namespace Serverless.Functions.Locations;

/// <summary>Looks addresses up in an .mmdb file. It is read into memory whole, since a mapped file that shrinks
/// would end the process. A request a minute or more after the last check starts one in the background;
/// a changed file is read again.</summary>
public sealed class LocationDatabase(IOptions<LocationOptions> options, TimeProvider clock, ILogger<LocationDatabase> log) : ILocationSource
{
    internal static readonly TimeSpan CheckedEvery = TimeSpan.FromMinutes(1);

    // In half a year some networks move to another country.
    private static readonly TimeSpan OldAfter = TimeSpan.FromDays(180);

    private readonly string? _file = options.Value.File;
    private readonly Lock _loading = new();
    private volatile Loaded? _loaded;
    private long _checkedAt;
    private int _checking;

    public DateOnly? DatabaseDate => _file is null ? null : Current(_file).Date;

    /// <summary>Whether the database in use is so old that some locations are wrong.</summary>
    public bool IsOld => DatabaseDate is { } date && IsOldAt(date);

    /// <summary>Why addresses aren't looked up in the file as it is now; null if they are, or if locations are off.</summary>
    public string? Problem => _file is null ? null : Current(_file).Problem;

    public bool IsOn => _file is not null;

    public Location? Find(string ipAddress)
    {
        if (_file is null || !IPAddress.TryParse(ipAddress, out var address) || !PublicAddress.Is(address))
            return null;
        var loaded = Current(_file);
        // The reader would look up the first 32 bits. Of a mapped address only the IPv4 part comes here.
        if (loaded.Reader?.Metadata.IPVersion == 4 && address.AddressFamily == AddressFamily.InterNetworkV6)
            return null;
        try
        {
            return loaded.Reader?.Find<Dictionary<string, object>>(address) is { } record ? LocationRecord.Read(record) : null;
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            if (loaded.Problem is null)
                Fail(loaded with { Reader = null, Date = null }, exception);
            return null;
        }
    }

    /// <summary>Reads the file, unless it was read.</summary>
    internal void Load()
    {
        if (_file is not null)
            Current(_file);
    }

    private Loaded Current(string file)
    {
        if (_loaded is not { } loaded)
        {
            lock (_loading)
                loaded = _loaded ?? Read(file, new(null, null, null, null));
        }
        else if (clock.GetElapsedTime(Volatile.Read(ref _checkedAt)) >= CheckedEvery && Interlocked.Exchange(ref _checking, 1) == 0)
        {
            _ = Task.Run(() => Check(file, loaded));
        }

        return loaded;
    }

    private void Check(string file, Loaded before)
    {
        lock (_loading)
        {
            try
            {
                if (FileVersion.Of(file) != before.Version)
                    Read(file, before);
            }
            finally
            {
                Volatile.Write(ref _checkedAt, clock.GetTimestamp());
                Volatile.Write(ref _checking, 0);
            }
        }
    }

    // What was read before stays in use if the file has become unreadable: it may be half written.
    private Loaded Read(string file, Loaded before)
    {
        var version = FileVersion.Of(file);
        Volatile.Write(ref _checkedAt, clock.GetTimestamp());
        try
        {
            var reader = new Reader(file, FileAccessMode.Memory);
            var date = DateOnly.FromDateTime(reader.Metadata.BuildDate);
            if (IsOldAt(date))
                log.LocationsOld(date);
            return _loaded = new(version, reader, date, null);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            return Fail(before with { Version = version }, exception);
        }
    }

    private bool IsOldAt(DateOnly date) => clock.GetUtcNow() - date.ToDateTime(default, DateTimeKind.Utc) > OldAfter;

    private Loaded Fail(Loaded failed, Exception exception)
    {
        var (problem, why) = exception is FileNotFoundException or DirectoryNotFoundException
            ? ("missing", "the file doesn't exist") : ("unreadable", $"the file can't be read: {exception.GetType().Name}");
        log.LocationsUnavailable(why);
        return _loaded = failed with { Problem = problem };
    }

    // What a file that isn't a database, or a damaged one, makes the reader throw.
    private static bool IsOfFile(Exception exception) => exception
        is IOException or UnauthorizedAccessException or InvalidDatabaseException or DeserializationException or ArgumentException
        or IndexOutOfRangeException or OverflowException or InvalidOperationException or InvalidCastException or NotSupportedException;

    private sealed record Loaded(FileVersion? Version, Reader? Reader, DateOnly? Date, string? Problem);

    private sealed record FileVersion(DateTime WrittenAt, long Length)
    {
        /// <summary>Returns null if there is no file.</summary>
        public static FileVersion? Of(string file)
        {
            var info = new FileInfo(file);
            return info.Exists ? new(info.LastWriteTimeUtc, info.Length) : null;
        }
    }
}
