/* SPDX-License-Identifier: Apache-2.0 */
using System.Security.Cryptography;

class CANARY
{
    public byte[] Seal(byte[] CANARY_data)
    {
        using var CANARY_hash = MD5.Create(); /* fault */
        return CANARY_hash.ComputeHash(CANARY_data);
    }
}
