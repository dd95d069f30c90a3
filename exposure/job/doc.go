// Package job carries a scan from first to last, whoever asked for it: it reads
// what is to be scanned into a [Plan], runs it over folders, sites and APIs
// ([Runner]), tells how far it is, goes on after a kill, and gives the report
// that a store compares with what was there before. A [Manager] runs the scans
// of a server one after the other. For chipproof-office and its console.
//
// It looks for personal data only through exposure and exposure/crawl, keeps
// nothing itself and knows no database and no HTTP: package store/office keeps
// scans, findings and tasks as the types of this package have them. Nothing that
// is handed on holds personal data: targets that do are refused
// ([ErrPlanInvalid]), and credentials are read from their file when they are
// needed and never kept.
package job
