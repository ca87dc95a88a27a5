//! The domains of the addresses of managers and agents, looked at once a day.
//!
//! The buyer of a domain that has lapsed reads the mails to its addresses, and could have new passwords sent there (`PyPI` looks for
//! this since August 2025). Towns merge and give their domains up. After seven days in a row without mail the addresses of a
//! domain are doubted: [`store::Account::is_address_proof`] says no until one is confirmed again, by the change of address.

use crate::{Client, Identity, MailDomains, Result, mail_domains::ask};
use domain::{
    AccountId, AccountStatus, Duration, MailDomain, OrganisationId, Realm, Timestamp,
    funnel::mail_domain,
    mail_domain::{DOUBTFUL_DAYS, LARGE_PROVIDERS, bad_days},
    paths,
    token::Purpose,
};
use mail::{DomainDoubted, Message};
use std::collections::BTreeMap;
use store::{Account, DomainHealth, Organisation};
use unit_of_work::{Actor, EventKind, UnitOfWork};

/// How many accounts are read at once.
const PAGE: u32 = 500;
/// A day counts once. A run of the day after may begin a little earlier than a day later.
const DAY: Duration = Duration::from_hours(20);

impl Identity {
    /// Looks at every domain of a confirmed address of the back office, unless it was done today.
    ///
    /// When the name system says that a large provider takes no mail either, nothing counts: then it is the name system that is
    /// out of order.
    ///
    /// # Errors
    /// `Store`.
    pub async fn check_mail_domains(&self) -> Result<()> {
        let Some(service) = &self.mail_domains else {
            return Ok(());
        };
        let mut is_trusted = None;
        for (domain, accounts) in self.domains_of_managers().await? {
            let known = self.store.domain_health(&domain).await?;
            if known
                .as_ref()
                .is_some_and(|known| self.now().since(known.looked_at) < DAY)
            {
                continue;
            }
            let answer = ask(&**service, &domain).await;
            if answer.is_bad() {
                if is_trusted.is_none() {
                    is_trusted = Some(is_trustworthy(&**service).await);
                }
                if is_trusted == Some(false) {
                    tracing::warn!(
                        "Domains of addresses are not looked at: the name system denies a large provider"
                    );
                    return Ok(());
                }
            }
            let before = known.map_or(0, |known| known.bad_days);
            self.note_answer(&domain, (before, answer), &accounts)
                .await?;
        }
        Ok(())
    }

    /// Doubts the address of an account no longer, on the word of an operator who knows that its mails arrive; logs it. Gives
    /// `false` when it is not doubted.
    ///
    /// # Errors
    /// `Store`.
    pub async fn trust_address(&self, account: &AccountId) -> Result<bool> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        work.lock_account(account).await?;
        if !work.trust_email(account, self.now()).await? {
            return Ok(false);
        }
        work.log(account, EventKind::AddressConfirmed).await?;
        work.commit().await?;
        Ok(true)
    }

    /// The accounts of the back office whose address is a proof, by domain.
    async fn domains_of_managers(&self) -> Result<BTreeMap<String, Vec<AccountId>>> {
        let mut domains: BTreeMap<String, Vec<AccountId>> = BTreeMap::new();
        let mut after: Option<String> = None;
        loop {
            let page = self
                .store
                .accounts(&Realm::BackOffice, after.as_deref(), PAGE);
            let page = page.await?;
            let Some(last) = page.last() else {
                return Ok(domains);
            };
            after = Some(last.email_key());
            let proofs = page.into_iter().filter(Account::is_address_proof);
            for account in proofs.filter(|account| account.status == AccountStatus::Active) {
                let domain = mail_domain(&account.email);
                domains.entry(domain).or_default().push(account.id);
            }
        }
    }

    /// Counts an answer, and doubts the addresses of the domain when there were too many bad days.
    async fn note_answer(
        &self,
        domain: &str,
        (before, answer): (u32, MailDomain),
        accounts: &[AccountId],
    ) -> Result<()> {
        let (days, now) = (bad_days(before, answer), self.now());
        let is_doubtful = days >= DOUBTFUL_DAYS;
        let mut work = self.begin(Actor::System, Client::none()).await?;
        work.put_domain_health(&DomainHealth {
            domain: domain.to_owned(),
            // A confirmation after this has seven days again.
            bad_days: if is_doubtful { 0 } else { days },
            looked_at: now,
        })
        .await?;
        if is_doubtful {
            self.doubt(&mut work, domain, accounts, now).await?;
        }
        Ok(work.commit().await?)
    }

    async fn doubt(
        &self,
        work: &mut UnitOfWork<'_>,
        domain: &str,
        accounts: &[AccountId],
        now: Timestamp,
    ) -> Result<()> {
        let mut organisations: BTreeMap<String, Organisation> = BTreeMap::new();
        let mut accounts = accounts.to_vec();
        // One order for all who lock several accounts.
        accounts.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        let mut doubted = 0;
        for id in &accounts {
            let held = work.lock_account(id).await?;
            let is_there = held.is_some_and(|held| mail_domain(&held.email) == domain);
            if !is_there || !work.doubt_email(id, now).await? {
                continue;
            }
            doubted += 1;
            work.void_tokens(id, Purpose::PasswordReset, now).await?;
            work.log(id, EventKind::AddressDoubted).await?;
            for found in work.memberships(id).await? {
                let key = found.organisation.id.to_string();
                organisations.insert(key, found.organisation);
            }
        }
        tracing::warn!(
            mail.domain = domain,
            accounts = doubted,
            "The addresses of a domain are doubted"
        );
        for organisation in organisations.values() {
            self.tell_other_managers(work, organisation, domain).await?;
        }
        Ok(())
    }

    /// Tells the managers of an organisation whose own addresses still work.
    async fn tell_other_managers(
        &self,
        work: &mut UnitOfWork<'_>,
        organisation: &Organisation,
        domain: &str,
    ) -> Result<()> {
        let id: &OrganisationId = &organisation.id;
        let managers = work.organisation_managers(id).await?;
        let others = managers.iter().filter(|one| one.is_address_proof());
        let mut is_told = false;
        for manager in others {
            let message = Message::DomainDoubted(DomainDoubted {
                name: manager.name.clone(),
                organisation: organisation.name.clone(),
                ending: format!("@{domain}"),
                link: self.page_address(manager.locale, paths::BACK_OFFICE),
            });
            work.write_mail(manager, &message).await?;
            is_told = true;
        }
        if !is_told {
            tracing::warn!(
                organisation.slug = %organisation.slug,
                "No manager of an organisation has an address that takes mail"
            );
        }
        Ok(())
    }
}

/// Whether the name system knows a provider that certainly takes mail.
async fn is_trustworthy(service: &dyn MailDomains) -> bool {
    !ask(service, LARGE_PROVIDERS[0]).await.is_bad()
}
