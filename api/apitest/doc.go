// Package apitest gives tests of the API a whole installation to work on: a real
// database with its audit log, keys, and synthetic people who have enrolled and
// carry their phones. Tests only: hashing is cheap here and the clock stands
// still.
//
//	o := apitest.New(t)
//	malee := o.Enrolled("malee", mfa.RoleStaff)
//	code := malee.Code()
//
// It knows nothing of HTTP, so that package api itself can be tested with it.
package apitest
