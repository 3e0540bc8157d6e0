namespace Serverless.Testing;

/// <param name="Writes">An entity-group transaction is one.</param>
public readonly record struct TransactionCost(int Reads, int Writes)
{
    /// <summary>Table storage has one price for both.</summary>
    public int Total => Reads + Writes;

    public static TransactionCost operator +(TransactionCost left, TransactionCost right) =>
        new(left.Reads + right.Reads, left.Writes + right.Writes);

    public static TransactionCost operator *(int times, TransactionCost cost) => new(times * cost.Reads, times * cost.Writes);
}

/// <summary>The transactions of each operation; the pages in docs state them.</summary>
public static class TransactionBudgets
{
    public const int Shards = 16;

    public static TransactionCost Login => new(1, 3);

    /// <summary>What a device that the account doesn't know adds to its login, with the notice.</summary>
    public static TransactionCost NewDevice => new(1, 1);

    /// <summary>What a login from elsewhere adds that is suspicious: the sessions, the notices' count; where it was.</summary>
    public static TransactionCost SuspiciousLogin => new(2, 1);

    /// <summary>What a refresh from another country adds: the session; the event.</summary>
    public static TransactionCost CountryChange => new(1, 1);

    /// <summary>What a country adds that its user is told of: the notices' count.</summary>
    public static TransactionCost ToldChange => new(1, 0);

    /// <summary>A login that its location refuses: the account and its sessions; the activity and the log entry.</summary>
    public static TransactionCost RefusedLogin => new(2, 2);

    /// <summary>What the first one of a day adds, of which its user is told: the notices' count; that it was told.</summary>
    public static TransactionCost ToldRefusal => new(1, 1);

    public static TransactionCost FailedLogin => new(1, 3);

    /// <summary>The user's passkeys with the epoch, the account; the expiry row, the transaction, the activity.</summary>
    public static TransactionCost PasskeyLogin => new(2, 3);

    /// <summary>Whether the email is taken; its row of the index and the check; the epoch, the account, the filing of its log, the entry, the
    /// end of the change.</summary>
    public static TransactionCost Account => new(3, 7);

    /// <summary>Disabled by an administrator, who is read before and after; the email, the sessions and the passkeys of the user, and a change.</summary>
    public static TransactionCost SecuredAccount => new(8, 6);

    /// <summary>Without the second look at the administrator, but with the mail's due row and the check of its link.</summary>
    public static TransactionCost AccountWithoutPassword => new(7, 8);

    /// <summary>An account that is registered with a passkey, which comes with its epoch.</summary>
    public static TransactionCost PasskeyAccount => Account;

    /// <summary>The passkeys, the session, the count of notices, the account; the filing of the log, the transaction, the due row and the mail.</summary>
    public static TransactionCost AddedPasskey => new(4, 4);

    /// <summary>What a login after a failure adds: the failures are forgotten.</summary>
    public static TransactionCost ThrottleReset => new(0, 1);

    /// <summary>What a new device adds to the run that raises it, alone: what is raised already, its session, and the event.</summary>
    public static TransactionCost RaisedEvent => new(2, 1);

    public static TransactionCost Refresh => new(0, 1);

    /// <summary>By password: the account, the session, its change. The next refresh reads the changed row.</summary>
    public static TransactionCost StepUp => new(2, 1);
    public static TransactionCost Status => new(1, 0);
    public static TransactionCost List => new(1, 0);

    /// <summary>The sessions, the log and its checkpoints.</summary>
    public static TransactionCost AccountAudit => new(3, 0);
    public static TransactionCost Logout => new(1, 3);
    public static TransactionCost Heartbeat => new(0, 1);
    public static TransactionCost IdlePoll => new(1, 0);

    /// <summary>A session whose expiry hour is over, ended or not: the look at it, and its removal.</summary>
    public static TransactionCost PurgedSession => new(1, 1);

    /// <summary>A session that was refreshed and outlives the hour that it was filed under.</summary>
    public static TransactionCost RefiledSession => new(1, 1);

    /// <summary>An hour of a user's log that fell due, with younger entries of the day: a look, the notices; the removal and the next filing.</summary>
    public static TransactionCost LogRetentionWithinADay => new(2, 2);

    /// <summary>A user's log that fell due: two looks, the notices, the session whose end goes; the removal and the next filing.</summary>
    public static TransactionCost LogRetention => new(4, 2);

    /// <summary>The log of an email without an account that fell due and is empty then, with its throttle.</summary>
    public static TransactionCost EmptiedLogRetention => new(3, 2);

    /// <summary>Rows of one hour and shard of the timeline, up to a hundred.</summary>
    public static TransactionCost RemovedRows => new(0, 1);

    /// <summary>A look at the activity between two times.</summary>
    public static TransactionCost ActivityWindow => new(Shards, 0);

    /// <summary>The last days, and the activity since.</summary>
    public static TransactionCost LiveStatistics => new(1 + Shards, 0);

    /// <summary>The oldest due session, four cursors, the oldest message.</summary>
    public static TransactionCost Readiness => new(Shards + 4 + 1, 0);

    /// <summary>What the health of the service adds: the timers' last runs, messages, dead letters.</summary>
    public static TransactionCost Health => new(3, 0);

    /// <summary>What each run of a timer adds: when it ended.</summary>
    public static TransactionCost TimerRun => new(0, 1);

    public static TransactionCost IdlePurge => new(Shards, 0);
    public static TransactionCost IdleFlagging => new(Shards + 2, 1);
    public static TransactionCost IdleAlerts => new(1 + 1 + Shards + 1, 1);
    public static TransactionCost IdleOutbox => new(1, 0);

    /// <summary>A message that is sent: the intent; the due row and its claim, the end of the intent and of the due row.</summary>
    public static TransactionCost SentMessage => new(1, 4);

    /// <summary>A message to all devices of a user: their sessions, the log entry and the account; the claim and the end of the due row.</summary>
    public static TransactionCost PushMessage => new(3, 2);

    /// <summary>A roll-up with an hour to count.</summary>
    public static TransactionCost RollUp => new(1 + 1 + Shards, 2);
    public static TransactionCost IdleRollUp => new(1, 0);
    public static TransactionCost IdleRetention => new(3 + (3 * Shards) + 2, 1);
}
