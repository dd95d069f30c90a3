package simulator

// checkDigit is the thirteenth digit that belongs to the first twelve
// (thai-id-card §10.1). number holds at least twelve ASCII digits.
func checkDigit(number string) byte {
	sum := 0
	for i := range 12 {
		sum += int(number[i]-'0') * (13 - i)
	}
	return '0' + byte((11-sum%11)%10)
}

// isDigits says that text is exactly n ASCII digits.
func isDigits(text string, n int) bool {
	if len(text) != n {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}
