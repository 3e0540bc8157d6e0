using Azure;
using Azure.Data.Tables;
using BenchmarkDotNet.Attributes;
using Serverless.Sessions.Refresh;
using Serverless.Tables.AuditLog;
using Serverless.Tables.Sessions;
using Serverless.Tables.Timeline;

namespace Benchmarks.Micro;

public class RowBenchmarks
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private Session _session = null!;
    private Rotation _rotation = null!;
    private LogEntry _entry = null!;
    private TableEntity _row = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _session = Samples.Session(_now);
        _rotation = Rotation.Of(_session.ToRefreshToken(Samples.Version, _now), null, _now, new());
        _entry = Samples.Refreshed(_session, _now);
        _row = SessionRow.ForLogin(_session);
        _row.ETag = new ETag(Samples.Version.Value);
    }

    [Benchmark]
    public string SessionKey() => SessionKeys.Session(_session.Id);

    [Benchmark]
    public string LogKey() => LogKeys.Entry(LogPosition.After(_entry));

    [Benchmark]
    public string ExpiryKey() => TimelineKeys.ExpiryPartition(_session.Id, _session.ExpiresAt, 16);

    [Benchmark]
    public TableEntity WriteRotation() => SessionRow.ForRotation(_rotation);

    [Benchmark]
    public TableEntity WriteLogEntry() => LogRow.Write(LogOwner.Of(_session.UserId), _entry);

    [Benchmark]
    public StoredSession ReadSession() => SessionRow.Read(new(_row));
}
