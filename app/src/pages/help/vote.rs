//! "Was this article helpful?": one question, then an open ear.

use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, Disclosure, ErrorSummary, Form, Hidden, Notice,
        TextArea, Tone, Vote, VoteButtons,
    },
    context::PageContext,
    paths, words,
};
use contract::{ArticlePage, Done, Field, HelpDone};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The card at the end of an article, in the state that the last form left.
pub(crate) fn vote(context: &PageContext, article: &ArticlePage) -> AnyView {
    let t = context.texts();
    let flash = &context.flash;
    let commenting = flash.form.as_deref() == Some("comment");
    let body = match flash.done {
        Some(Done::Help(HelpDone::CommentSent)) => view! {
            <Notice tone=Tone::Success word=td_string!(t, common.word_done) live=true>
                {td_string!(t, help.feedback.thanks)}
            </Notice>
        }
        .into_any(),
        // A reader whom the article did not help has something to say.
        Some(Done::Help(HelpDone::Voted)) => {
            let open = flash.typed("helpful").as_deref() == Some("no");
            after_vote(context, article, open)
        }
        _ if commenting => after_vote(context, article, true),
        _ => question(context, article),
    };
    view! { <Vote title=td_string!(t, help.feedback.question)>{body}</Vote> }.into_any()
}

fn question(context: &PageContext, article: &ArticlePage) -> AnyView {
    let t = context.texts();
    let errors = words::summary(t, &context.flash_of("vote"), &context.site.support_email);
    let slug = article.slug.clone();
    view! {
        <ErrorSummary title=td_string!(t, errors.summary) errors=errors />
        <Form action="/api/send_vote" carry=context.carry()>
            <Hidden name="article" value=slug />
            <VoteButtons yes=td_string!(t, help.feedback.yes) no=td_string!(t, help.feedback.no) />
        </Form>
    }
    .into_any()
}

/// "Share your feedback" opens the text box; "Cancel" leaves it, and nothing was sent.
fn after_vote(context: &PageContext, article: &ArticlePage, open: bool) -> AnyView {
    let t = context.texts();
    let flash = context.flash_of("comment");
    let helpful = context.flash.typed("helpful").unwrap_or_default();
    // Without a fragment, so that the browser loads the page anew and the box is closed.
    let page = context.entrance(&paths::article(&article.slug));
    let errors = words::summary(t, &flash, &context.site.support_email);
    let (slug, carry) = (article.slug.clone(), context.carry());
    view! {
        <ErrorSummary title=td_string!(t, errors.summary) errors=errors />
        <p role="status">{td_string!(t, help.feedback.voted)}</p>
        <Disclosure summary=td_string!(t, help.feedback.share) open=open id="feedback">
            <Form action="/api/send_comment" carry=carry>
                <Hidden name="article" value=slug />
                <Hidden name="helpful" value=helpful />
                <TextArea
                    label=td_string!(t, help.feedback.comment)
                    name="comment"
                    hint=td_string!(t, help.feedback.comment_hint)
                    value=flash.typed("comment")
                    error=words::beside(t, &flash, Field::Comment)
                />
                <Actions>
                    <Button text=td_string!(t, help.feedback.send) />
                    <ButtonLink text=td_string!(t, help.feedback.cancel) href=page kind=ButtonKind::Quiet />
                </Actions>
            </Form>
        </Disclosure>
    }
    .into_any()
}
