// Package crawl fetches what an agency's own web sites and APIs serve, and hands
// it to package exposure: sites by following links and sitemaps, APIs from an
// OpenAPI document or a list of addresses, anonymously and, where the owner gives
// credentials, with them (assurance §4.6). For chipproof-office.
//
// Only hosts in a [Scope] are asked, which their owner wrote and may have signed;
// redirects out of it are not followed. Every host name is resolved once and the
// address pinned, and addresses of private, loopback, link-local and other
// special networks are refused unless the scope allows them, so that neither a
// redirect nor a changing DNS answer leads inside. GET and HEAD only; robots.txt
// is honoured unless the owner says otherwise; one host is asked at its rate;
// pages, depth, bytes and time have limits.
//
// It posts no forms, runs no scripts, solves no log-ins, steps through ids only
// with the owner's leave, and keeps no page.
package crawl
