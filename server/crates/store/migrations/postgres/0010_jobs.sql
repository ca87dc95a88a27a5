-- Everything that happens later is a job: mails to be sent, answers to forgotten passwords, sweeps.
-- `priority` is 0 when somebody waits for it, 1 for a notice, 2 for one of many. A leased job has the
-- end of its lease as `not_before`, so that what is due is found by one index alone; a job that was
-- given up is dead since `not_before`. Jobs of one `lane` are done in their order; `destination` is
-- what only a few jobs may burden at once. `unique_key` is set where there is one such job at a time.
create table jobs (
    id text collate "C" not null primary key,
    kind text not null,
    payload bytea not null,
    priority bigint not null check (priority in (0, 1, 2)),
    state text not null check (state in ('queued', 'dead')),
    not_before bigint not null,
    leased_until bigint,
    attempts bigint not null,
    last_error text,
    created_at bigint not null,
    unique_key text unique,
    lane text,
    destination text
);
create index jobs_due on jobs (kind, priority, not_before, id, destination)
    where state = 'queued';
create index jobs_lane on jobs (lane, id) where state = 'queued' and lane is not null;
create index jobs_dead on jobs (not_before, id) where state = 'dead';

-- A mail that waits: its job has its id. The order of mails to one address starts anew.
insert into jobs (id, kind, payload, priority, state, not_before, leased_until, attempts,
    last_error, created_at, destination)
select id, 'send_mail', convert_to(id, 'UTF8'),
    case when kind in ('account_setup', 'password_reset', 'account_safe', 'no_account',
        'account_closed', 'email_confirm', 'email_taken') then 0 else 1 end,
    'queued', coalesce(leased_until, not_before), leased_until, attempts, last_error, created_at,
    lower(split_part(recipient, '@', 2))
from outbox where state = 'queued';

drop index outbox_due;
alter table outbox drop column attempts;
alter table outbox drop column not_before;
alter table outbox drop column leased_until;
create index outbox_queued on outbox (created_at) where state = 'queued';

insert into jobs (id, kind, payload, priority, state, not_before, attempts, created_at)
select id, 'answer_reset_request', sealed, 0, 'queued', created_at, 0, created_at
from reset_requests;
drop table reset_requests;

-- Other processes hear of new jobs when the transaction that queued them is committed.
create function jobs_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('jobs', '');
    return null;
end
$$;
create trigger jobs_notify after insert on jobs for each statement execute function jobs_notify();
