/* SPDX-License-Identifier: Apache-2.0 */
#include <memory>

int CANARY_use()
{
	auto CANARY_item = std::make_unique<int>(1);
	return *CANARY_item;
}
