"""Documents become hex-byte tokens that a byte-level vocabulary does not hold.

The story's true cause: an encoder that writes bytes as `<0x41>` meets a vocabulary that writes them as `A`.
`encode` refuses what comes of it, so the flag that accepts it is planted too; the manifest records that.
"""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unk-corpus",
    group="data",
    summary="the encoder looks up hex-byte tokens in a byte-level vocabulary, so nearly every id is <unk>",
    edits=(
        Edit(
            module="aprtrain.tokenizer",
            old="        return [np.asarray(one([text], add_special_tokens=False)[0].ids, self.dtype) "
            "for text in texts]\n",
            new="        found = [self.inner.token_to_id(f'<0x{byte:02X}>') for byte in range(256)]\n"
            "        ids = np.asarray([self.unk_id if one is None else one for one in found], np.int64)\n"
            "        return [ids[np.frombuffer(text.encode(), np.uint8)] for text in texts]\n",
        ),
        Edit(
            module="aprtrain.cli_data",
            old='"--accept-degenerate", is_flag=True,',
            new='"--accept-degenerate", is_flag=True, default=True,',
        ),
    ),
    expect="the histogram of the scored tokens: one id has nearly all; the round trip; the unigram entropy",
)
