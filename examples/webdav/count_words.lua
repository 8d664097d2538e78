-- Counts the words of a note, little ones aside. The note is the result of the activity before.
-- For main_sequence.yaml: exports `words` and `longest`, stores `author`.

local page = session:get("files/little-words.txt")
assert(page, "no list of little words")

local little = {}
for word in page.text:gmatch("%a+") do
    little[word] = true
end

local head, body = last_result:match("^(.-):\n(.*)$")
assert(head, "no note")

words = 0
longest = ""
for word in body:gmatch("%a+") do
    if not little[word:lower()] then
        words = words + 1
        if #word > #longest then
            longest = word
        end
    end
end
assert(words > 0, "no words")

local author = head:match("note of (%a+)")
assert(author == session.user.name, "somebody else's note")
result = {author = author, words = words}
