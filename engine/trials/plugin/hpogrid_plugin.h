/* Plug-ins for hpogrid: a training function in a shared library, in any language that speaks C.
 *
 * For a factory `model` the library exports
 *     const hpogrid_plugin* hpogrid_plugin_model(void);
 * A host process loads it and calls train() for one trial after the other, in one thread. A crash ends that trial only.
 * In C++ use hpogrid_plugin.hpp.
 *
 * This interface only grows: structures get new members at their end, and carry their size. */
#ifndef HPOGRID_PLUGIN_H
#define HPOGRID_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HPOGRID_PLUGIN_ABI = 1 };

enum hpogrid_kind {
    HPOGRID_INTEGER = 0, /* integer, and real as well */
    HPOGRID_REAL = 1,    /* real */
    HPOGRID_TEXT = 2,    /* text */
    HPOGRID_BOOLEAN = 3, /* integer: 0 or 1 */
    HPOGRID_OTHER = 4    /* null, a list or an object: text holds its JSON */
};

/* One hyperparameter. */
typedef struct hpogrid_value {
    const char* name; /* UTF-8, as all texts */
    int32_t kind;
    int64_t integer;
    double real;
    const char* text; /* "" unless the kind has one */
} hpogrid_value;

typedef struct hpogrid_metric {
    const char* name;
    double value; /* need not be finite */
} hpogrid_metric;

/* One attempt of a trial. Everything in it is valid until train() returns. */
typedef struct hpogrid_trial {
    size_t size; /* of this structure, as the host knows it */
    uint32_t id;
    uint32_t attempt; /* from 1 */
    uint64_t seed;
    const hpogrid_value* values;
    size_t value_count;
    const char* configuration; /* the same as JSON */
    const char* checkpoint;    /* to continue from, "" = start from zero */
    const char* data_folder;
    const char* work_folder;
    void* host; /* first argument of the functions below */
    /* Reports metrics. Not 0: the trial should end soon, or it will be killed. */
    int (*report)(void* host, const hpogrid_metric* metrics, size_t count);
    /* Not 0: the trial should end soon. */
    int (*should_stop)(void* host);
    /* Makes the trial's own folder, where its files belong. Its path, or NULL. */
    const char* (*make_folder)(void* host);
} hpogrid_trial;

enum hpogrid_result {
    HPOGRID_DONE = 0,
    HPOGRID_FAILED = 1,       /* the error text says why */
    HPOGRID_OUT_OF_MEMORY = 2 /* host or GPU memory */
};

typedef struct hpogrid_plugin {
    size_t size;  /* of this structure, as the plug-in knows it */
    uint32_t abi; /* HPOGRID_PLUGIN_ABI */
    /* Called once, before the first trial; what it returns is given to train(). May be NULL. NULL with a text in
     * `error` means that it failed. */
    void* (*create)(char* error, size_t error_size);
    /* Called at the end. May be NULL. */
    void (*destroy)(void* instance);
    /* Trains. Writes what went wrong to `error` (NUL-terminated). Returns a hpogrid_result. */
    int (*train)(void* instance, const hpogrid_trial* trial, char* error, size_t error_size);
} hpogrid_plugin;

typedef const hpogrid_plugin* (*hpogrid_plugin_factory)(void);

#ifdef __cplusplus
}
#endif

#endif
