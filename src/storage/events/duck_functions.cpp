#include "storage/events/duck_functions.hpp"

#include <atomic>

#include "storage/events/json_property.hpp"
#include "storage/events/token_filter.hpp"

namespace miniops::events {

namespace {

struct Context {
  const DuckApi& api;
  const Loans& loans;
};

// DuckDB hands a function no context but through this one of its own. The library is loaded once in a process, so there
// is one.
std::atomic<decltype(DuckApi::scalar_function_get_extra_info)> extra_info_of{nullptr};

// Some rows of one text and one number; the number is the same in all of them.
class Arguments {
 public:
  Arguments(const DuckApi& api, duckdb_data_chunk rows) : size_(api.data_chunk_get_size(rows)) {
    duckdb_vector texts = api.data_chunk_get_vector(rows, 0);
    texts_ = static_cast<const duckdb_string_t*>(api.vector_get_data(texts));
    validity_ = api.vector_get_validity(texts);
    if (size_ > 0) number_ = *static_cast<const std::int64_t*>(api.vector_get_data(api.data_chunk_get_vector(rows, 1)));
  }

  idx_t size() const { return size_; }
  std::int64_t number() const { return number_; }
  std::optional<std::string_view> text(idx_t row) const {
    if (validity_ != nullptr && (validity_[row / 64] >> (row % 64) & 1) == 0) return std::nullopt;
    const auto& inlined = texts_[row].value.inlined;
    if (inlined.length <= sizeof(inlined.inlined)) return std::string_view(inlined.inlined, inlined.length);
    return std::string_view(texts_[row].value.pointer.ptr, texts_[row].value.pointer.length);
  }

 private:
  idx_t size_;
  const duckdb_string_t* texts_ = nullptr;
  const std::uint64_t* validity_ = nullptr;
  std::int64_t number_ = 0;
};

template <class F>
void answer(const Context& context, const Arguments& rows, duckdb_vector out, F holds) {
  auto* answers = static_cast<bool*>(context.api.vector_get_data(out));
  for (idx_t row = 0; row < rows.size(); ++row) {
    const auto text = rows.text(row);
    answers[row] = text && holds(*text);
  }
}

// A function of ours: what it does with the rows; no exception may pass through DuckDB.
template <auto function>
void called(duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector out) {
  const auto& context = *static_cast<const Context*>(extra_info_of.load()(info));
  try {
    const Arguments rows(context.api, chunk);
    if (rows.size() > 0) function(context, rows, out);
  } catch (const std::exception& problem) {
    context.api.scalar_function_set_error(info, problem.what());
  }
}

std::shared_ptr<const Loan> loan_of(const Context& context, const Arguments& rows) {
  auto loan = context.loans.find(rows.number());
  if (loan == nullptr) throw std::logic_error("what a statement works with is gone");
  return loan;
}

void text_holds(const Context& context, const Arguments& rows, duckdb_vector out) {
  const auto loan = loan_of(context, rows);
  answer(context, rows, out, [&](std::string_view text) { return (*loan->matcher)(text); });
}

void property_holds(const Context& context, const Arguments& rows, duckdb_vector out) {
  const auto loan = loan_of(context, rows);
  PropertyReader reader;
  answer(context, rows, out, [&](std::string_view json) {
    const auto text = reader.read(json, loan->property);
    return text && (*loan->matcher)(*text);
  });
}

void property_text(const Context& context, const Arguments& rows, duckdb_vector out) {
  const auto loan = loan_of(context, rows);
  PropertyReader reader;
  context.api.vector_ensure_validity_writable(out);
  for (idx_t row = 0; row < rows.size(); ++row) {
    const auto json = rows.text(row);
    if (const auto text = json ? reader.read(*json, loan->property) : std::nullopt)
      context.api.vector_assign_string_element_len(out, row, text->data(), text->size());
    else
      context.api.validity_set_row_invalid(context.api.vector_get_validity(out), row);
  }
}

void slice_may_hold(const Context& context, const Arguments& rows, duckdb_vector out) {
  const Token token = static_cast<Token>(rows.number());
  answer(context, rows, out, [&](std::string_view slice) { return may_hold(slice, token); });
}

void add(DuckConnection& connection, Loans& loans, const char* name, duckdb_type of, duckdb_type gives,
         duckdb_scalar_function_t function) {
  const DuckApi& api = connection.api();
  duckdb_scalar_function added = api.create_scalar_function();
  api.scalar_function_set_name(added, name);
  const auto with_type = [&](duckdb_type type, auto use) {
    duckdb_logical_type logical = api.create_logical_type(type);
    use(added, logical);
    api.destroy_logical_type(&logical);
  };
  with_type(of, api.scalar_function_add_parameter);
  with_type(DUCKDB_TYPE_BIGINT, api.scalar_function_add_parameter);
  with_type(gives, api.scalar_function_set_return_type);
  api.scalar_function_set_function(added, function);
  api.scalar_function_set_extra_info(added, new Context{api, loans},
                                     [](void* context) { delete static_cast<Context*>(context); });
  const duckdb_state state = api.register_scalar_function(connection.handle(), added);
  api.destroy_scalar_function(&added);
  if (state != DuckDBSuccess)
    throw DuckFailure(DuckFailure::Kind::broken, fmt::format("DuckDB refuses the function {}", name));
}

}  // namespace

std::int64_t Loans::lend(std::shared_ptr<const Loan> loan) {
  const std::lock_guard lock(mutex_);
  lent_[++last_] = std::move(loan);
  return last_;
}

void Loans::take_back(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  lent_.erase(number);
}

std::shared_ptr<const Loan> Loans::find(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = lent_.find(number);
  return found == lent_.end() ? nullptr : found->second;
}

void register_functions(DuckConnection& connection, Loans& loans) {
  extra_info_of = connection.api().scalar_function_get_extra_info;
  add(connection, loans, "text_holds", DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BOOLEAN, called<text_holds>);
  add(connection, loans, "property_holds", DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BOOLEAN, called<property_holds>);
  add(connection, loans, "property_text", DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR, called<property_text>);
  add(connection, loans, "slice_may_hold", DUCKDB_TYPE_BLOB, DUCKDB_TYPE_BOOLEAN, called<slice_may_hold>);
}

}  // namespace miniops::events
