#nullable disable annotations

using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>The service took none of a transaction's changes, because of one of them.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    /// <summary>From what the service said about the change that failed.</summary>
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            requestFailedException.Status,
            requestFailedException.Message,
            requestFailedException.ErrorCode,
            requestFailedException.InnerException)
    {
        foreach (var key in requestFailedException.Data.Keys)
            Data[key] = requestFailedException.Data[key];
        if (Data[TableErrorParser.FailedIndex] is string index)
            FailedTransactionActionIndex = int.Parse(index, CultureInfo.InvariantCulture);
    }

    /// <summary>Which of the actions failed, counted from 0; null if the service didn't say.</summary>
    public int? FailedTransactionActionIndex { get; }
}
