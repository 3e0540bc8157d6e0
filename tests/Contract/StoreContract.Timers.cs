namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_cursor_is_remembered_for_its_timer()
    {
        var timer = Guid.NewGuid().ToString("N");
        Assert.Null(await Stores.Cursors.ReadCursorAsync(timer, default));
        await Stores.Cursors.SaveCursorAsync(timer, Now, default);
        Assert.Equal(Now, await Stores.Cursors.ReadCursorAsync(timer, default));
    }
}
