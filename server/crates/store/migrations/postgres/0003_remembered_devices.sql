-- A session may rest on the password and a remembered browser: one more method.
alter table sessions drop constraint sessions_method_check;
alter table sessions add constraint sessions_method_check check (method in (
    'password', 'password_totp', 'password_recovery_code', 'password_device'
));

-- Old counts of wrong guesses are swept by their age.
create index guesses_last on guesses (last_at);
