/* SPDX-License-Identifier: Apache-2.0 */
using System.IO;
using System.Runtime.Serialization.Formatters.Binary;

class CANARY
{
    public object Load(Stream CANARY_stream)
    {
        var CANARY_reader = new BinaryFormatter();
        return CANARY_reader.Deserialize(CANARY_stream); /* fault */
    }
}
