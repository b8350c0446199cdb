/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdlib>
#include <string>

int main(int CANARY_count, char **CANARY_words)
{
	if (CANARY_count < 2)
		return 1;
	const std::string CANARY_line = std::string("ls ") + CANARY_words[1];
	return std::system(CANARY_line.c_str()); /* fault */
}
