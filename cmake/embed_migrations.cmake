# Writes OUTPUT: the text of every migrations/<history>/<file>.yaml under ROOT, as app/embedded_migrations.h declares.

file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/*.yaml)
list(SORT files)
set(rows "")
foreach(file ${files})
  file(READ ${ROOT}/${file} text)
  get_filename_component(history ${file} DIRECTORY)
  get_filename_component(name ${file} NAME)
  string(APPEND rows "    {\"${history}\", \"${name}\", R\"parley_yaml(${text})parley_yaml\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by cmake/embed_migrations.cmake from migrations/.

#include \"app/embedded_migrations.h\"

#include <array>

namespace parley::app {
namespace {
constexpr auto kFiles = std::to_array<EmbeddedMigration>({
${rows}});
}  // namespace

std::span<const EmbeddedMigration> embedded_migrations() { return kFiles; }

}  // namespace parley::app
")
