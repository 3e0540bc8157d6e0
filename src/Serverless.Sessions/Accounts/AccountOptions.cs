namespace Serverless.Sessions.Accounts;

public sealed class AccountOptions
{
    [Setting("whether an account opens sessions only once its address is verified, by a link that is sent there; accounts from before "
        + "have to do the same, the one of the section Administrator doesn't", "addresses must belong to their users")]
    public bool VerifyEmail { get; set; }

    [Setting("how long a closed account can be restored before it is erased; zero erases it at once",
        "your policy requires another period")]
    [Duration("00:00:00", "365.00:00:00")]
    public TimeSpan DeletionGrace { get; set; } = TimeSpan.FromDays(30);
}
