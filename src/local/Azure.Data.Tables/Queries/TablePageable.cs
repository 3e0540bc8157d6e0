using System.Runtime.CompilerServices;

namespace Azure.Data.Tables;

/// <summary>A query's results, page by page as they are asked for.</summary>
internal sealed class TablePageable<T>(
    Func<string?, int?, CancellationToken, Task<Page<T>>> readPage,
    int? maxPerPage,
    CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        ReadAsync(continuationToken, pageSizeHint ?? maxPerPage, CancellationToken);

    private async IAsyncEnumerable<Page<T>> ReadAsync(
        string? continuationToken,
        int? pageSize,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        do
        {
            var page = await readPage(continuationToken, pageSize, cancellation).ConfigureAwait(false);
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuationToken));
    }
}
