-- Whether the password was good enough to be the only factor when it was chosen. Beside a second
-- factor a shorter one is allowed, and that factor must not be switched off as long as it is there.
alter table accounts add column password_stands_alone integer not null default 1
    check (password_stands_alone in (0, 1));

-- How long those are that were chosen beside a factor nobody knows any more: they count as short.
update accounts set password_stands_alone = 0
where realm = 'back_office' and password_hash is not null and exists (
    select 1 from totp_factors
    where account_id = accounts.id and confirmed_at <= accounts.password_set_at
);
