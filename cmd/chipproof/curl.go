package main

import "strings"

// curlJSON is a line to paste that posts body, and what headers say besides.
// None of the words in it holds a quote of its own but body.
func curlJSON(system, url, body string, headers ...string) string {
	name, quote := "curl", "'"
	if system == "windows" { // cmd.exe knows no single quotes
		name, quote, body = "curl.exe", `"`, strings.ReplaceAll(body, `"`, `\"`)
	}
	line := name + " -s " + url
	for _, h := range append(headers, "Content-Type: application/json") {
		line += " -H " + quote + h + quote
	}
	return line + " -d " + quote + body + quote
}
