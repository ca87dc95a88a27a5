-- A link may confirm the address of an account that was not signed in to yet.
alter table tokens drop constraint tokens_new_purpose_check;
alter table tokens add constraint tokens_purpose_check check (purpose in (
    'account_setup', 'password_reset', 'address_confirmation', 'email_change', 'email_undo', 'not_me',
    'deletion_stop'
));
